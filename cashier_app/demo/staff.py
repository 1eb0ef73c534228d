"""The people of the demo shop. Their PINs stand in the documentation: they guard nothing."""

from __future__ import annotations

from cashier_app.domain.staff import Role, StaffMember

DEMO_STAFF = (
    (StaffMember("meera", "Meera Nair", Role.MANAGER), "916053"),
    (StaffMember("vikram", "Vikram Shah", Role.SUPERVISOR), "739462"),
    (StaffMember("asha", "Asha Rao", Role.CASHIER), "582714"),
    (StaffMember("nila", "Nila Das", Role.TRAINER), "603871"),
)
