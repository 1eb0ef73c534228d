"""Voices in which marks of training are tried: English, and a language in which no word is as it was."""

from __future__ import annotations

import gettext

from cashier_app.wording import Hours, Translator, Wording
from tests.ui import sample_views


class Upside(gettext.NullTranslations):
    """A language in which no word is as it was: letters between the places of a message are turned round."""

    def gettext(self, message: str) -> str:
        """Turn a message round."""
        parts = message.split("{")
        turned = [parts[0][::-1].lower()]
        for part in parts[1:]:
            place, _, rest = part.partition("}")
            turned.append(f"{{{place}}}{rest[::-1].lower()}")
        return "".join(turned)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Turn the form round that belongs to this number."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def voice(*, foreign: bool) -> Wording:
    """Return the till's voice, in English or in a language in which training has another name."""
    translator = Translator(Upside(), "xx") if foreign else Translator()
    points = sample_views.PROGRAM.point_name
    return Wording.of("en_IN", sample_views.ZONE, points, translator, hours=Hours.TWENTY_FOUR)


VOICES = {"English": voice(foreign=False), "another language": voice(foreign=True)}
