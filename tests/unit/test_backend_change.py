"""Another backend is refused while anything is owed to the one before."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.backend_opening import shop_of
from cashier_app.config import BackendSection
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.domain.sale import EffectKind
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.errors import KnownError
from cashier_app.services.backend_change import check_backend
from cashier_app.services.refunds import Refunds
from cashier_app.services.returnable import Returnable
from cashier_app.services.searched_sales import OtherSystem
from cashier_app.services.undoable import NotUndoable, Undoable
from tests.fakes.counter import PRIYAS_CODE, Counter

OLD, NEW = "https://loyalty.example/api", "https://other.example"


def sell(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.session.take_nothing()
    counter.press_enter()


def test_the_first_address_is_taken_and_so_is_another_path_of_it(counter: Counter) -> None:
    sell(counter)
    check_backend(counter.journal, OLD)
    check_backend(counter.journal, "https://loyalty.example/v2")


def test_another_address_waits_for_the_last_sale(counter: Counter) -> None:
    check_backend(counter.journal, OLD)
    sell(counter)
    with pytest.raises(KnownError, match=r"1 sale is not posted to https://loyalty\.example yet"):
        check_backend(counter.journal, NEW)
    check_backend(counter.journal, OLD)
    counter.drain()
    check_backend(counter.journal, NEW)
    counter.session.next_customer()
    sell(counter)
    with pytest.raises(KnownError, match=NEW):
        check_backend(counter.journal, OLD)


def test_points_still_to_be_given_back_belong_to_the_old_one(counter: Counter) -> None:
    check_backend(counter.journal, OLD)
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(2)
    with pytest.raises(KnownError, match="Held points are"):
        check_backend(counter.journal, NEW)
    counter.session.back()
    with pytest.raises(KnownError, match="Held points are"):
        check_backend(counter.journal, NEW)
    counter.drain()
    check_backend(counter.journal, NEW)


def test_a_sale_is_undone_once(counter: Counter) -> None:
    refunds = Refunds(counter.journal, counter.backend, counter.workshop.lookup, counter.clock)
    sell(counter)
    (line,) = counter.journal.recent(1)
    assert refunds.undo(line.sale.sale_id)
    assert not refunds.undo(line.sale.sale_id)
    assert counter.kinds() == [EffectKind.SALE, EffectKind.REFUND]
    assert [row.effect.kind for row in counter.journal.due(counter.clock.now(), 9)] == [EffectKind.SALE]


def test_what_cannot_be_undone_is_said(counter: Counter) -> None:
    refunds = Refunds(counter.journal, counter.backend, counter.workshop.lookup, counter.clock)
    with pytest.raises(KnownError, match="no such sale"):
        refunds.undo("0" * 36)
    counter.session.without_member()
    counter.type("500")
    counter.press_enter(2)
    (line,) = counter.journal.recent(1)
    with pytest.raises(KnownError, match="no member"):
        refunds.undo(line.sale.sale_id)


def test_another_kind_at_the_same_address_is_another_backend(counter: Counter) -> None:
    check_backend(counter.journal, OLD, "square")
    sell(counter)
    with pytest.raises(KnownError, match=r"not posted to square at https://loyalty\.example yet"):
        check_backend(counter.journal, OLD, "nector")
    with pytest.raises(KnownError, match="not posted to square at"):
        check_backend(counter.journal, OLD)
    check_backend(counter.journal, OLD + "/v3", "square")


def test_the_usual_address_of_a_kind_needs_no_name(counter: Counter) -> None:
    check_backend(counter.journal, "", "square")
    sell(counter)
    with pytest.raises(KnownError, match="not posted to square yet"):
        check_backend(counter.journal, NEW, "square")


def test_another_shop_at_the_same_address_is_another_backend(counter: Counter) -> None:
    check_backend(counter.journal, OLD, "openloyalty", "store_code main")
    sell(counter)
    with pytest.raises(KnownError, match=r"openloyalty at https://loyalty\.example \(store_code main\) yet"):
        check_backend(counter.journal, OLD, "openloyalty", "store_code outlet")
    check_backend(counter.journal, OLD, "openloyalty", "store_code main")


@pytest.mark.parametrize(
    ("kind", "settings", "shop"),
    [
        ("openloyalty", {"store_code": "main", "program": "program.toml"}, "store_code main"),
        ("voucherify", {"campaign": "camp_1"}, "campaign camp_1"),
        ("square", {"location": "L1"}, ""),
        ("contract", {}, ""),
    ],
)
def test_the_settings_say_whose_books_are_meant(kind: str, settings: dict[str, str], shop: str) -> None:
    backend = BackendSection(kind=kind, address=OLD, settings=settings)
    assert shop_of(replace(DEMO_CONFIG, backend=backend)) == shop


def test_what_was_sold_with_another_one_is_not_returned_at_this_one(counter: Counter) -> None:
    check_backend(counter.journal, OLD)
    sell(counter)
    counter.drain()
    counter.session.next_customer()
    check_backend(counter.journal, NEW)
    sell(counter)
    counter.drain()
    old, new = (line.sale for line in reversed(counter.journal.recent(2)))
    returns, undoing = counter.workshop.returns, counter.workshop.undoing
    assert returns.find(old.number) == OtherSystem(old)
    assert undoing.look_at(old.sale_id) == NotUndoable(old, WhyNotVoid.OTHER_SYSTEM)
    assert isinstance(returns.find(new.number), Returnable)
    assert isinstance(undoing.look_at(new.sale_id), Undoable)
    check_backend(counter.journal, OLD)
    assert isinstance(returns.find(old.number), Returnable), "the books it is in are there again"
    assert returns.find(new.number) == OtherSystem(new)
