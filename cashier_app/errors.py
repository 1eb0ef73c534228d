"""The two families of errors: the world failing, and everything else, which is our bug."""


class KnownError(Exception):
    """The world failed in a way we foresaw: one plain sentence for the person at the till, no traceback.

    Args:
        sentence: What happened and what to do, for people; never holds a secret or personal data.
        detail: More for the log and for F1, also without secrets.
    """

    def __init__(self, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail
