"""One short lesson of each kind the shipped ones are, in TOML: the facts, stages and hands each needs."""

from __future__ import annotations

HEAD = """
id = "sample"
number = 1
title = "Sample"
goal = "Try it."
minutes = 1
"""

PHONE = (
    HEAD
    + """
members = ["mem-rahul"]
[[steps]]
name = "type"
say = "Type {phone:mem-rahul}."
hint = "The figures go to the scan field by themselves."
until = { at = "bill", member = "mem-rahul", way = "phone" }
mistakes = [{ name = "nobody", when = { at = "problem", problem = "not found" }, say = "Nobody has it." }]
do = [{ phone = "mem-rahul" }]
slip = [{ type = "9845067549" }, { wait = { at = "problem" } }, { press = "Backspace" }]
"""
)

REDEMPTION = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "offer"
say = "Scan her, type 2360."
hint = "Wait for the offer."
until = { at = ["bill", "reward"], member = "mem-priya", bill = 236000, discount = 20000, chosen = "maximum" }
[[steps]]
name = "less"
say = "She wants {money:10000} off only."
hint = "Choose Other and type 100."
until = { at = "pay", holding = true, discount = 10000, points_used = 100, chosen = "other" }
mistakes = [{ name = "all", when = { at = "pay", chosen = "maximum" }, say = "That is all of it." }]
[[steps]]
name = "paid"
say = "Take {money:226000}."
hint = "Enter."
until = { sales = 1, sale_member = "mem-priya", sale_bill = 236000, sale_discount = 10000, sale_points = 100 }
[[steps]]
name = "posted"
say = "Watch it being posted."
hint = "Wait."
until = { sale_posting = "posted", waiting = 0 }
"""
)

CAPPED = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "capped"
say = "Scan her, type 2360."
hint = "Look at the reason."
until = { member = "mem-priya", bill = 236000, limit = "capped_amount" }
[[steps]]
name = "more"
say = "Another thing: the bill is 2500."
hint = "Backspace."
until = { bill_at_least = 250000, discount_at_least = 25000, limit = "capped_amount" }
"""
)

TOO_FEW = (
    HEAD
    + """
members = ["mem-rahul"]
[[steps]]
name = "refused"
say = "Scan him, type 1200."
hint = "Look at the reason."
until = { member = "mem-rahul", bill = 120000, refusal = "needs_points", discount = 0 }
[[steps]]
name = "collect"
say = "Let him collect."
hint = "Enter."
until = { sales_at_least = 1, sale_points = 0, sale_member = "mem-rahul" }
"""
)

ENROL = (
    HEAD
    + """
free_phones = ["+919845033310"]
[[steps]]
name = "nobody"
say = "Type 98450 33310."
hint = "Nobody has it."
until = { at = "problem", problem = "not found" }
[[steps]]
name = "form"
say = "Open the form and type the name."
hint = "N."
until = { page = "enrol", enrol_at = "consent" }
[[steps]]
name = "consent"
say = "Read it aloud."
hint = "Enter once they agree."
until = { enrolled_at_least = 1, at = "bill" }
"""
)

RETURN = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "sell"
say = "Sell something first."
hint = "Scan her."
until = { sales_at_least = 1, sale_bill = 102500 }
[[steps]]
name = "find"
say = "Scan the receipt."
hint = "It lies there."
until = { page = "return", return_found = true, return_refused = false, return_money = 102500 }
do = [{ receipt = true }]
[[steps]]
name = "back"
say = "Give it back."
hint = "Enter, Enter."
until = { returned_at_least = 1, return_at = "done", return_money = 102500 }
mistakes = [{ name = "kept", when = { page = "till", returned = 0 }, say = "It was not taken back." }]
"""
)

UNDO = (
    HEAD
    + """
members = ["mem-priya", "mem-ravi"]
[[steps]]
name = "wrong"
say = "Sell to {name:mem-ravi}."
hint = "Scan him."
until = { at = "done", sale_member = "mem-ravi" }
[[steps]]
name = "ask"
say = "It was {name:mem-priya} who paid: press F9."
hint = "F9."
until = { undo_at = "sale" }
[[steps]]
name = "whom"
say = "Give it to her."
hint = "M, then scan her."
until = { undo_at = "move" }
mistakes = [{ name = "undone", when = { undone_at_least = 1 }, say = "It is undone." }]
[[steps]]
name = "moved"
say = "Enter."
hint = "Enter."
until = { moved_at_least = 1, moved_to = "mem-priya", undo_at = "closed" }
"""
)

TWO_MEMBERS = (
    HEAD
    + """
members = ["mem-anil", "mem-meera"]
[[steps]]
name = "several"
say = "Type {phone:mem-anil}."
hint = "Two have it."
until = { at = "choosing", several = 2, typing = "members" }
[[steps]]
name = "choose"
say = "It is {name:mem-meera}."
hint = "2."
until = { at = "bill", member = "mem-meera" }
mistakes = [{ name = "other", when = { at = "bill", member = "mem-anil" }, say = "That is Anil." }]
"""
)

STALE = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "stale"
say = "Scan what she holds up."
hint = "Scan."
until = { at = "problem", problem = "code too old" }
do = [{ scan = "mem-priya", code = "stale" }]
[[steps]]
name = "fresh"
say = "Ask her to open it again."
hint = "Scan the new one."
until = { at = "bill", member = "mem-priya", way = "wallet code" }
mistakes = [{ name = "number", when = { at = "bill", way_not = "wallet code" }, say = "Scan it." }]
do = [{ scan = "mem-priya", code = "fresh" }]
"""
)

SCREENSHOT = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "first"
say = "Serve her."
hint = "Scan."
until = { sales_at_least = 1, sale_member = "mem-priya", at = "done" }
do = [{ scan = "mem-priya", code = "fresh" }]
[[steps]]
name = "picture"
say = "Her friend holds up a picture of it."
hint = "Scan."
until = { at = "problem", problem = "code used" }
do = [{ scan = "mem-priya", code = "same" }]
[[steps]]
name = "clear"
say = "Press Esc."
hint = "Esc."
until = { at = "idle" }
[[steps]]
name = "used"
say = "And another one."
hint = "Scan."
until = { at = "problem", problem = "code used" }
do = [{ scan = "mem-priya", code = "used" }]
"""
)

CLAIM = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "without"
say = "She forgot her phone: sell without a member."
hint = "Type, Enter."
until = { at = "done", sale_member = "", claimable = true, sales_at_least = 1 }
[[steps]]
name = "receipt"
say = "She is back with the receipt: scan it."
hint = "Scan it."
until = { at = "claim", claim_read = true, claim_refused = false }
do = [{ receipt = true }]
[[steps]]
name = "who"
say = "Scan her code."
hint = "Scan it."
until = { at = "claim", claim_member = true, busy = false }
do = [{ scan = "mem-priya" }]
[[steps]]
name = "credit"
say = "Enter."
hint = "Enter."
until = { claimed_at_least = 1 }
mistakes = [{ name = "left", when = { at = "idle", claimed = 0 }, say = "Nothing was credited." }]
"""
)

NETWORK_DOWN = (
    HEAD
    + """
members = ["mem-ravi"]
[[steps]]
name = "scan"
say = "Scan him."
hint = "Scan."
until = { at = "bill", member = "mem-ravi" }
[[steps]]
name = "bill"
say = "Type 1299, Enter, Enter."
hint = "Go on."
stage = { down = true }
until = { online = false, at = "bill", refusal = "not_offline" }
[[steps]]
name = "keep"
say = "Without points, then: Enter, Enter."
hint = "Enter."
until = { at = "done", sales_at_least = 1, sale_points = 0, sale_posting = "waiting", waiting_at_least = 1 }
[[steps]]
name = "back"
say = "The network is back."
hint = "Wait."
stage = { clear = true }
until = { online = true, waiting = 0, sale_posting = "posted" }
"""
)

ANSWER_LOST = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "pay"
say = "Scan, 2360, Enter, Enter."
hint = "Go on."
until = { at = "pay", discount = 20000, member = "mem-priya" }
[[steps]]
name = "lost"
say = "Enter, and the answer gets lost."
hint = "Enter."
stage = { lose_answers = 1 }
until = { at = "done", sales = 1 }
mistakes = [{ name = "twice", when = { sales_at_least = 2 }, say = "It was a sale already." }]
[[steps]]
name = "posted"
say = "Do nothing: it is looked up."
hint = "Wait."
until = { sales = 1, sale_posting = "posted", waiting = 0, needs_attention = 0 }
"""
)

TWICE = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "scan"
say = "Scan her."
hint = "Scan."
until = { at = "bill", member = "mem-priya" }
[[steps]]
name = "again"
say = "The scanner beeps twice."
hint = "Scan again."
until = { at = "bill", member = "mem-priya", scans_at_least = 2 }
do = [{ scan = "mem-priya", code = "same" }]
[[steps]]
name = "sold"
say = "2360, Enter, Enter, Enter."
hint = "Go on."
stage = { repeat_writes = 3 }
until = { sales = 1, sale_posting = "posted", waiting = 0, sale_points = 200 }
"""
)

CHANGED = (
    HEAD
    + """
members = ["mem-priya"]
[[steps]]
name = "offer"
say = "Scan her, 2360, Enter."
hint = "Go on."
until = { at = "reward", member = "mem-priya", discount = 20000 }
[[steps]]
name = "refused"
say = "Enter."
hint = "Enter."
stage = { spend_elsewhere = [{ member = "mem-priya", points = 1100 }] }
until = { balance_changed = true, balance = 140, discount = 14000, at = ["bill", "reward"] }
[[steps]]
name = "less"
say = "Say so, then take what is left."
hint = "Enter."
until = { sales = 1, sale_points = 140 }
"""
)

ATTENTION = (
    HEAD
    + """
members = ["mem-ravi"]
[[steps]]
name = "scan"
say = "Scan him."
hint = "Scan."
until = { at = "bill", member = "mem-ravi" }
[[steps]]
name = "offline"
say = "Sell for 1299 without points."
hint = "Minus, Enter."
stage = { down = true }
until = { at = "done", sale_member = "mem-ravi", waiting_at_least = 1 }
[[steps]]
name = "refused"
say = "The network is back, and he was blocked meanwhile."
hint = "Wait."
stage = { clear = true, block = ["mem-ravi"] }
until = { needs_attention_at_least = 1, online = true, sale_posting = "needs attention" }
[[steps]]
name = "open"
say = "Open the queue."
hint = "F7."
until = { page = "queue" }
[[steps]]
name = "settle"
say = "Send it again once he may collect."
hint = "It is at the top."
stage = { unblock = ["mem-ravi"] }
until = { needs_attention = 0, waiting = 0 }
"""
)

SAMPLES = {
    "phone number": PHONE,
    "redemption": REDEMPTION,
    "capped": CAPPED,
    "not enough points": TOO_FEW,
    "enrol": ENROL,
    "return": RETURN,
    "undo": UNDO,
    "two members": TWO_MEMBERS,
    "stale code": STALE,
    "screenshot": SCREENSHOT,
    "claim": CLAIM,
    "network down": NETWORK_DOWN,
    "answer lost": ANSWER_LOST,
    "scanned twice": TWICE,
    "balance changed": CHANGED,
    "needs attention": ATTENTION,
}
