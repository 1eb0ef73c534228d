"""Around a sale, over the reference server: who joins, sales linked, vouchers, referrals, invitations."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.demo.joining import Joining
from cashier_app.demo.server import DemoServer
from cashier_app.domain.bill import bill_of
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Consent,
    ConsentText,
    Enrolled,
    EnrolmentAnswer,
    EnrolmentField,
    EnrolmentRefused,
    NewMember,
)
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.invitation import Invitation, InvitationOpen, InvitationOver, InvitationUsed
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NotApplied,
    Refused,
    RefusedBecause,
)
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.program.rewards import AmountOff
from cashier_app.domain.sale import Effect, EffectKind, ReturnReason
from cashier_app.domain.vouchers import (
    ReferralKnown,
    ReferralUnknown,
    VoucherOffer,
    VoucherRefused,
    WhyNoVoucher,
)
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.support import RUPEE, SaleMaker, TurnedClock, booked, movements, rupees

Connect = Callable[..., LoyaltyBackend]
ASHA_PHONE = "+919845055501"


def newcomer(**more: object) -> NewMember:
    told: dict[str, object] = {"name": "Asha Menon", "phone": ASHA_PHONE, "agrees_to_terms": True}
    return NewMember(str(uuid7()), datetime.now(UTC), **(told | more))  # type: ignore[arg-type]


def nobodys(sale: SaleMaker, **more: object) -> Effect:
    return sale.plain_sale(0, **({"member_id": ""} | more))


def link(sale: SaleMaker, **more: object) -> Effect:
    return sale.effect(EffectKind.LINK, 0, 1, **({"member_id": "mem-ravi"} | more))


def balance(backend: LoyaltyBackend, member_id: str) -> Decimal:
    found = backend.refresh(member_id)
    assert isinstance(found, MemberFound)
    return found.account.balance


def whole_return(sale: SaleMaker, count: int = 1, **more: object) -> Effect:
    return sale.refund(2360, 0, count, **more)


# Members who join.
def test_a_phone_number_that_is_a_members_makes_nobody(backend: LoyaltyBackend) -> None:
    first = backend.enrol(newcomer())
    again = backend.enrol(newcomer(name="Asha M"))
    assert isinstance(first, Enrolled)
    assert isinstance(again, AlreadyMember)
    assert again.found.member == first.found.member
    assert isinstance(backend.find(PhoneNumber(ASHA_PHONE)), MemberFound)


def test_the_answer_of_then_is_given_again(backend: LoyaltyBackend) -> None:
    new, known = newcomer(), newcomer(phone="+919845034172")
    for one, answer in ((new, Enrolled), (known, AlreadyMember)):
        assert isinstance(backend.enrol(one), answer)
        assert isinstance(backend.enrol(one), answer)


def test_two_tills_that_enrol_one_customer_at_once_make_one_member(
    server: DemoServer, connect: Connect
) -> None:
    tills, answers = [connect(server.base_url, server.token) for _ in range(6)], []
    begin = threading.Barrier(len(tills))

    def enrol(till: LoyaltyBackend) -> None:
        begin.wait()
        answers.append(till.enrol(newcomer()))

    threads = [threading.Thread(target=enrol, args=(till,)) for till in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyMember"] * 5 + ["Enrolled"]
    assert len({_id_of(one) for one in answers}) == 1
    assert server.ledger.rows("SELECT count(*) FROM members WHERE phone = ?", (ASHA_PHONE,)) == [(1,)]


def _id_of(answer: EnrolmentAnswer) -> str:
    assert isinstance(answer, Enrolled | AlreadyMember)
    return answer.found.member.member_id


def test_consent_and_referral_are_kept(server: DemoServer, backend: LoyaltyBackend) -> None:
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    consent = Consent("2026-10", "ta", at, "7")
    new = newcomer(
        consent=consent,
        referral="PRIYA24",
        email="asha@shop.example",
        birthday=date(1990, 4, 17),
        agrees_to_marketing=True,
    )
    member_id = _id_of(backend.enrol(new))
    kept = server.ledger.rows("SELECT member_id, version, language, at, staff_id FROM consents")
    assert kept == [(member_id, "2026-10", "ta", "2026-11-21T09:00:00.000000Z", "7")]
    told = "SELECT email, birthday, agrees_to_marketing, referred_with FROM members WHERE member_id = ?"
    row = server.ledger.rows(told, (member_id,))
    assert row == [("asha@shop.example", "1990-04-17", 1, "PRIYA24")]
    backend.enrol(newcomer(consent=replace(consent, version="2026-11")))
    noted = Joining(server.ledger, server.shop).noted(member_id)
    assert (noted.consents, noted.referred_with) == (("2026-10", "2026-11"), "PRIYA24")


def test_a_referral_pays_both_once(server: DemoServer, backend: LoyaltyBackend) -> None:
    before = balance(backend, "mem-priya")
    new = newcomer(referral="priya24")
    answer = backend.enrol(new)
    member_id = _id_of(answer)
    assert answer == backend.enrol(new), "a repeat of it"
    assert balance(backend, member_id) == Decimal(50)
    assert balance(backend, "mem-priya") == before + 50
    rows = [row for row in server.ledger.movements(sale_id=str(new.key)) if row.kind == "referral"]
    assert [(row.member_id, row.units) for row in rows] == [(member_id, 50), ("mem-priya", 50)]
    backend.enrol(newcomer(referral="priya24"))  # who is a member already is sent by nobody
    assert balance(backend, "mem-priya") == before + 50


def test_who_sends_somebody_and_is_blocked_gets_nothing(server: DemoServer, backend: LoyaltyBackend) -> None:
    server.ledger.execute("UPDATE members SET blocked_since = '2026-01-01' WHERE member_id = 'mem-priya'")
    before = balance(backend, "mem-priya")
    member_id = _id_of(backend.enrol(newcomer(referral="PRIYA24")))
    assert (balance(backend, member_id), balance(backend, "mem-priya")) == (Decimal(50), before)


@pytest.mark.parametrize("code", ["NOBODY1", ""])
def test_a_code_nobody_gives_pays_nobody(server: DemoServer, backend: LoyaltyBackend, code: str) -> None:
    member_id = _id_of(backend.enrol(newcomer(referral=code)))
    assert balance(backend, member_id) == 0
    assert server.ledger.rows("SELECT 1 FROM movements WHERE kind = 'referral'") == []


def test_a_card_of_another_member_is_named(backend: LoyaltyBackend) -> None:
    answer = backend.enrol(newcomer(number="MG-104210"))
    assert answer == EnrolmentRefused(EnrolmentField.NUMBER, "another member has this number")
    assert isinstance(backend.enrol(newcomer(number="MG-104211")), Enrolled)


# Sales without a member.
def test_a_sale_of_nobodys_earns_once_it_is_linked(
    server: DemoServer, backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    before = balance(backend, "mem-ravi")
    assert backend.reconcile(nobodys(sale)) == NotApplied()
    told = booked(backend.apply(nobodys(sale)))
    assert (told.points, told.balance) == (Decimal(0), None)
    assert isinstance(backend.reconcile(nobodys(sale)), AlreadyApplied)
    assert movements(server, sale) == []
    assert backend.reconcile(link(sale)) == NotApplied()
    linked = booked(backend.link(link(sale)))
    assert (linked.points, linked.balance) == (Decimal(23), before + 23)
    assert isinstance(backend.link(link(sale)), AlreadyApplied)
    assert isinstance(backend.reconcile(link(sale)), AlreadyApplied)
    assert balance(backend, "mem-ravi") == before + 23
    assert [(kind, units) for kind, units, _ in movements(server, sale)] == [("link", 23)]


@pytest.mark.parametrize("claimed_by", ["mem-ravi", "mem-priya"])
def test_a_sale_is_linked_to_one_member_only(
    backend: LoyaltyBackend, sale: SaleMaker, claimed_by: str
) -> None:
    booked(backend.apply(nobodys(sale)))
    booked(backend.link(link(sale)))
    before = balance(backend, claimed_by)
    other = backend.link(link(sale, key=f"{sale.sale_id}-link-2", member_id=claimed_by))
    assert isinstance(other, Refused)
    assert other.because is RefusedBecause.ALREADY_LINKED
    assert balance(backend, claimed_by) == before


def test_two_tills_that_link_at_once(server: DemoServer, connect: Connect, sale: SaleMaker) -> None:
    tills = [connect(server.base_url, server.token) for _ in range(4)]
    booked(tills[0].apply(nobodys(sale)))
    begin, outcomes = threading.Barrier(4), []

    def claim(till: LoyaltyBackend, count: int) -> None:
        begin.wait()
        outcomes.append(till.link(link(sale, key=f"{sale.sale_id}-link-{count}")))

    threads = [threading.Thread(target=claim, args=(till, count)) for count, till in enumerate(tills, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in outcomes) == ["Applied", "Refused", "Refused", "Refused"]
    assert [units for _, units, _ in movements(server, sale)] == [23]


def test_a_sale_nobody_told_is_not_linked(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    answer = backend.link(link(sale))
    assert isinstance(answer, Refused)
    assert answer.because is RefusedBecause.UNKNOWN_SALE
    booked(backend.apply(sale.plain_sale()))
    answer = backend.link(link(sale))
    assert isinstance(answer, Refused)
    assert answer.because is RefusedBecause.ALREADY_LINKED


def test_a_member_only_met_by_phone_is_linked(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    booked(backend.apply(nobodys(sale)))
    before = balance(backend, "mem-ravi")
    unseen = link(sale, member_id="", identified_by="phone:+919845034172")
    assert booked(backend.link(unseen)).balance == before + 23
    nobody = SaleMaker(sale.at)
    booked(backend.apply(nobodys(nobody)))
    assert isinstance(backend.link(link(nobody, member_id="mem-nobody")), Refused)


def test_a_link_earns_by_the_tier_and_rules_of_the_sales_day(
    server: DemoServer, backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    yesterday = replace(nobodys(sale), at=sale.at - timedelta(days=1))
    booked(backend.apply(yesterday))
    # Platinum earns double: 47.2, cut off.
    assert booked(backend.link(link(sale, member_id="mem-platinum"))).points == Decimal(47)
    day = server.shop.local(yesterday.at).date().isoformat()
    assert server.ledger.rows("SELECT member_id, earned, day FROM sales") == [("mem-platinum", 47, day)]


def test_what_came_back_before_the_link_earns_nothing(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    booked(backend.apply(nobodys(sale)))
    half = sale.refund(1180, 0, member_id="")
    given = booked(backend.apply(half))
    assert given.points == Decimal(0)
    before = balance(backend, "mem-ravi")
    # A bill of 2,360 earns 23, its half 11.
    assert booked(backend.link(link(sale))).points == Decimal(11)
    booked(backend.apply(sale.refund(1180, 0, 2, member_id="mem-ravi")))
    assert balance(backend, "mem-ravi") == before


def test_nothing_is_left_of_it(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    booked(backend.apply(nobodys(sale)))
    booked(backend.apply(whole_return(sale, member_id="")))
    answer = backend.link(link(sale))
    assert isinstance(answer, Refused)
    assert answer.because is RefusedBecause.NOT_ALLOWED


def test_a_till_that_does_not_know_who_claimed_it_takes_the_goods_back(
    backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    booked(backend.apply(nobodys(sale)))
    before = balance(backend, "mem-ravi")
    booked(backend.link(link(sale)))
    booked(backend.apply(whole_return(sale, member_id="")))
    assert balance(backend, "mem-ravi") == before


def test_more_than_was_sold_never_comes_back_without_a_member_either(
    backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    booked(backend.apply(nobodys(sale)))
    booked(backend.apply(whole_return(sale, member_id="")))
    again = backend.apply(sale.refund(1180, 0, 2, member_id=""))
    assert isinstance(again, Refused)


def test_a_sale_of_nobodys_with_points_is_refused(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    reservation = booked(backend.apply(sale.reserve())).reference
    booked(backend.apply(sale.capture(reservation)))
    answer = backend.apply(sale.sale(0, member_id=""))
    assert isinstance(answer, Refused)


# Two records of one person.
def test_a_request_to_join_two_records_is_noted_once(server: DemoServer, backend: LoyaltyBackend) -> None:
    asked = SaleMaker(datetime.now(UTC), "mem-anil").effect(
        EffectKind.MERGE, other_member_id="mem-meera", bill=Money(0, RUPEE)
    )
    assert backend.reconcile(asked) == NotApplied()
    assert isinstance(backend.ask_to_merge(asked), Applied)
    assert isinstance(backend.ask_to_merge(asked), AlreadyApplied)
    assert isinstance(backend.reconcile(asked), AlreadyApplied)
    assert Joining(server.ledger, server.shop).noted("mem-anil").merges == ("mem-meera",)
    for other in ("mem-anil", "mem-nobody"):
        refused = backend.ask_to_merge(replace(asked, key=f"{asked.sale_id}-merge-2", other_member_id=other))
        assert isinstance(refused, Refused)


# Vouchers.
def test_what_a_voucher_gives(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    offer = backend.check_voucher("welcome50", "mem-ravi", bill_of(rupees(480)))
    assert isinstance(offer, VoucherOffer)
    assert isinstance(offer.reward, AmountOff)
    assert (offer.code, offer.reward.value, offer.reward.cost) == ("WELCOME50", 5000, 0)
    assert offer.until is not None
    assert offer.until > clock.now().date()
    assert isinstance(backend.check_voucher("TENOFF", "", bill_of(rupees(480))), VoucherOffer)


@pytest.mark.parametrize(
    ("code", "member_id", "bill", "because"),
    [
        ("NOSUCH", "mem-ravi", 480, WhyNoVoucher.UNKNOWN),
        ("has spaces", "mem-ravi", 480, WhyNoVoucher.UNKNOWN),
        ("DIWALI25", "mem-ravi", 480, WhyNoVoucher.EXPIRED),
        ("NEWYEAR27", "mem-ravi", 480, WhyNoVoucher.NOT_YET),
        ("BDAY-7Q4M2K", "mem-ravi", 900, WhyNoVoucher.OTHER_MEMBER),
        ("BDAY-7Q4M2K", "", 900, WhyNoVoucher.OTHER_MEMBER),
        ("WELCOME50", "mem-ravi", 299, WhyNoVoucher.BILL_TOO_SMALL),
    ],
)
def test_why_a_voucher_gives_nothing(
    backend: LoyaltyBackend, code: str, member_id: str, bill: int, because: WhyNoVoucher
) -> None:
    answer = backend.check_voucher(code, member_id, bill_of(rupees(bill)))
    assert isinstance(answer, VoucherRefused)
    assert answer.because is because
    assert (answer.on is not None) == (because in {WhyNoVoucher.EXPIRED, WhyNoVoucher.NOT_YET})
    small = because is WhyNoVoucher.BILL_TOO_SMALL
    assert answer.minimum == (rupees(300) if small else None)


def birthday(sale: SaleMaker, **more: object) -> Effect:
    off = {"discount": rupees(100), "paid": rupees(2260), "voucher": "BDAY-7Q4M2K"}
    return sale.sale(22, **({"member_id": "mem-sneha", "reward_id": "voucher-birthday"} | off | more))


def test_a_voucher_is_used_up_by_the_sale_that_names_it(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    found = backend.refresh("mem-sneha")
    assert isinstance(found, MemberFound)
    (offer,) = found.account.offers
    assert (offer.kind, offer.voucher) == (OfferKind.BIRTHDAY, "BDAY-7Q4M2K")
    booked(backend.apply(birthday(sale)))
    assert isinstance(backend.apply(birthday(sale)), AlreadyApplied)
    answer = backend.check_voucher("BDAY-7Q4M2K", "mem-sneha", bill_of(rupees(900)))
    assert answer == VoucherRefused(WhyNoVoucher.USED, detail="the voucher was used already")
    found = backend.refresh("mem-sneha")
    assert isinstance(found, MemberFound)
    assert found.account.offers == ()
    late = backend.apply(birthday(SaleMaker(sale.at)))
    assert isinstance(late, Refused)
    assert late.because is RefusedBecause.VOUCHER_GONE


@pytest.mark.parametrize(
    ("reason", "usable"),
    [(ReturnReason.RETURN, False), (ReturnReason.VOID, True), (ReturnReason.MOVED, True)],
)
def test_a_sale_that_should_not_have_been_gives_its_voucher_back(
    server: DemoServer,
    backend: LoyaltyBackend,
    sale: SaleMaker,
    reason: ReturnReason,
    usable: bool,  # noqa: FBT001 - a parameter
) -> None:
    booked(backend.apply(birthday(sale)))
    booked(backend.apply(sale.refund(2360, 100, member_id="mem-sneha", reason=reason)))
    answer = backend.check_voucher("BDAY-7Q4M2K", "mem-sneha", bill_of(rupees(900)))
    assert isinstance(answer, VoucherOffer) is usable
    assert server.ledger.rows("SELECT reason FROM returns") == [(reason.value,)]


def test_two_tills_use_one_voucher_at_once(server: DemoServer, connect: Connect, sale: SaleMaker) -> None:
    tills, outcomes = [connect(server.base_url, server.token) for _ in range(4)], []
    begin = threading.Barrier(4)

    def use(till: LoyaltyBackend) -> None:
        begin.wait()
        outcomes.append(till.apply(birthday(SaleMaker(sale.at))))

    threads = [threading.Thread(target=use, args=(till,)) for till in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in outcomes) == ["Applied", "Refused", "Refused", "Refused"]


def test_an_account_carries_offers_until_their_day_is_over(
    backend: LoyaltyBackend, clock: TurnedClock
) -> None:
    found = backend.refresh("mem-lapsed")
    assert isinstance(found, MemberFound)
    (offer,) = found.account.offers
    assert offer == PersonalOffer(OfferKind.WIN_BACK, offer.title, offer.until, "BACK-3XH8WN")
    clock.turn(days=32)
    found = backend.refresh("mem-lapsed")
    assert isinstance(found, MemberFound)
    assert found.account.offers == ()


# Referral codes.
def test_whose_a_referral_code_is(backend: LoyaltyBackend) -> None:
    assert backend.check_referral("priya24") == ReferralKnown("PRIYA24", "Priya R.")
    assert isinstance(backend.check_referral("NOBODY1"), ReferralUnknown)
    assert backend.check_referral("no code at all") == ReferralUnknown()


# Pages that customers fill in.
def sent(url: str, **typed: str) -> httpx.Response:
    page = {"page": url.rpartition("/")[2], "name": "Asha Menon", "phone": "98450 55501", "agreed": "yes"}
    return httpx.post(url, data=page | typed, trust_env=False)


def test_a_customer_types_their_own_particulars(server: DemoServer, backend: LoyaltyBackend) -> None:
    text = ConsentText("2026-10", "en", "I want <b>coins</b> & nothing else.")
    made = backend.invite(text)
    assert isinstance(made, Invitation)
    assert backend.invitation(made.invitation_id) == InvitationOpen()
    shown = httpx.get(made.url, trust_env=False)
    assert (shown.status_code, "<script" in shown.text, "<b>coins" in shown.text) == (200, False, False)
    assert "I want &lt;b&gt;coins&lt;/b&gt; &amp; nothing else." in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert sent(made.url).status_code == 200
    became = backend.invitation(made.invitation_id)
    assert isinstance(became, InvitationUsed)
    assert backend.find(PhoneNumber(ASHA_PHONE)) == became.found
    assert Joining(server.ledger, server.shop).noted(became.found.member.member_id).consents == ("2026-10",)
    assert sent(made.url, phone="98450 55502").status_code == 410
    assert httpx.get(made.url, trust_env=False).status_code == 410


def test_a_page_runs_out(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    assert made.until - clock.now() == timedelta(minutes=10)
    clock.turn(minutes=10)
    assert backend.invitation(made.invitation_id) == InvitationOver()
    assert (httpx.get(made.url, trust_env=False).status_code, sent(made.url).status_code) == (410, 410)
    assert backend.invitation("inv-nobody-made") == InvitationOver()


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"agreed": ""}, 422, "Tick the box to join."),
        ({"name": "  "}, 422, "Type your name."),
        ({"name": "A" * 201}, 422, "Type your name."),
        ({"name": "Asha\u202egnirtS"}, 422, "Type your name."),
        ({"phone": "12"}, 422, "Type your whole phone number."),
        ({"page": "another"}, 400, "That was not this page"),
        ({"name": '"><script>alert(1)</script>', "agreed": ""}, 422, "&lt;script&gt;"),
    ],
)
def test_what_a_page_does_not_take(
    server: DemoServer, backend: LoyaltyBackend, typed: dict[str, str], status: int, said: str
) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    members = server.ledger.rows("SELECT count(*) FROM members")
    answer = sent(made.url, **typed)
    assert (answer.status_code, said in answer.text, "<script" in answer.text) == (status, True, False)
    assert server.ledger.rows("SELECT count(*) FROM members") == members
    assert backend.invitation(made.invitation_id) == InvitationOpen()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/plain"}, b"name=Asha"),
        ({"Origin": "http://evil.example"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"&".join([b"a=1"] * 50)),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=\xff\xfe"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=%FF"),
    ],
    ids=["plain text", "another origin", "another site", "many fields", "no ASCII", "no UTF-8"],
)
def test_a_form_from_elsewhere_is_not_taken(
    backend: LoyaltyBackend, headers: dict[str, str], body: bytes | None
) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    page = {"page": made.url.rpartition("/")[2], "name": "Asha", "phone": "98450 55501", "agreed": "yes"}
    given = {"content": body} if body is not None else {"data": page}
    answer = httpx.post(made.url, headers=headers, trust_env=False, **given)  # type: ignore[arg-type]
    assert 400 <= answer.status_code < 500
    assert backend.invitation(made.invitation_id) == InvitationOpen()


def test_a_page_of_sixty_five_kilobytes_is_not_read(backend: LoyaltyBackend) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    assert sent(made.url, name="A" * 65536).status_code == 413


def test_a_page_nobody_made_tells_nothing(server: DemoServer) -> None:
    assert httpx.get(f"{server.base_url}/join/guess", trust_env=False).status_code == 404
    assert sent(f"{server.base_url}/join/guess").status_code == 404


def test_two_browsers_send_one_page_at_once(server: DemoServer, backend: LoyaltyBackend) -> None:
    made = backend.invite()
    assert isinstance(made, Invitation)
    begin = threading.Barrier(4)

    def send(count: int) -> None:
        begin.wait()
        sent(made.url, phone=f"98450 5550{count}")

    threads = [threading.Thread(target=send, args=(count,)) for count in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    joined = server.ledger.rows("SELECT count(*) FROM members WHERE phone LIKE '+9198450555%'")
    assert joined == [(1,)]


def test_what_is_no_effect_of_these_is_a_bug(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    with pytest.raises(ValueError, match="not a sale to be linked"):
        backend.link(nobodys(sale))
    with pytest.raises(ValueError, match="not records"):
        backend.ask_to_merge(link(sale))
    with pytest.raises(ValueError, match="not an invitation"):
        backend.invitation("../sales")
    with pytest.raises(ValueError, match="the contract has no link"):
        backend.apply(link(sale))
