"""Which words in a part's licence texts speak of the libraries its wheel carries, on Linux.

A new version of a wheel may carry one more library: the build stops until somebody found its licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePath

TOLD_AS = {
    "Xau": "xau",
    "aom": "aom",
    "avcodec": "ffmpeg",
    "avformat": "ffmpeg",
    "avif": "libavif",
    "avutil": "ffmpeg",
    "brotlicommon": "brotli",
    "brotlidec": "brotli",
    "com_err": "lib/et/",
    "crypt": "libxcrypt",
    "crypto": "openssl",
    "drm": "drm",
    "freetype": "freetype",
    "gfortran": "gfortran",
    "gssapi_krb5": "kerberos",
    "harfbuzz": "harfbuzz",
    "jpeg": "libjpeg",
    "k5crypto": "kerberos",
    "keyutils": "keyutils",
    "krb5": "kerberos",
    "krb5support": "kerberos",
    "lber": "openldap",
    "lcms2": "lcms2|little cms",
    "ldap": "openldap",
    "lzma": "xz utils|liblzma",
    "openblasp": "openblas",
    "openjp2": "openjpeg",
    "png16": "libpng",
    "pq": "postgresql",
    "quadmath": "quadmath",
    "sasl2": "sasl",
    "scipy_openblas64_": "openblas",
    "sharpyuv": "libwebp",
    "ssl": "openssl",
    "swresample": "ffmpeg",
    "swscale": "ffmpeg",
    "tiff": "libtiff",
    "vpx": "libvpx",
    "webp": "libwebp",
    "webpdemux": "libwebp",
    "webpmux": "libwebp",
    "xcb": "xcb",
    "zstd": "zstd|zstandard",
}
"""A library's name without `lib`, and what its licence text calls it; `|` stands between several words."""

_NAME = re.compile(r"lib(.+?)(?:-r\d)?-[0-9a-f]{8}")


def untold(places: Iterable[str], texts: Iterable[Path]) -> list[str]:
    """Return the carried libraries among the places of a part's files that none of its texts speaks of."""
    carried = sorted({place for place in places if PurePath(place).parts[0].endswith(".libs")})
    if not carried:
        return []
    said = "\n".join(text.read_text(encoding="utf-8", errors="replace") for text in texts).lower()
    return [place for place in carried if not _is_told(PurePath(place).name, said)]


def _is_told(file: str, said: str) -> bool:
    named = _NAME.match(file)
    words = TOLD_AS.get(named[1] if named else "", "")
    return any(word in said for word in words.split("|") if word)
