"""Keys, tokens and passwords taken out of what people will read: addresses, messages, reports."""

from __future__ import annotations

import re

HIDDEN = "***"

# Names that only ever hold secrets, wherever they stand ("api_key=…", "Authorization: …", {"token": "…"}).
_SECRETS = (
    r"(?:x-)?api[_-]?key|apikey|access[_-]?key|subscription[_-]?key|client[_-]?secret|client[_-]?id|secret|"
    r"password|passwd|pwd|(?:access|refresh|auth|oauth|id|session|security)[_-]?token|token|vqd|cse_tok|"
    r"x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|x-goog-credential|api_sig|signature|"
    r"proxy-authorization|authorization|imgtool_[a-z]+_key"
)
# Names that hold a secret in an address and mean something else in prose.
_IN_ADDRESS = r"key|sig|auth|code|pass"
_VALUE = r"(?:(?:Bearer|Basic|Token|Client-ID)\s+)?(?:[^\s&#\"'<>%]|%(?!26|23))+"

_NAMED = re.compile(rf"(?i)(?<![\w-])({_SECRETS})([\"']?\s{{0,3}}(?:=|:|%3D)\s{{0,3}}[\"']?){_VALUE}")
_QUERIED = re.compile(rf"(?i)((?:[?&;]|%3F|%26)(?:{_IN_ADDRESS}|{_SECRETS})(?:=|%3D)){_VALUE}")
_USERINFO = re.compile(r"//[^\s/?#\"'<>]*@")
_BARE_USERINFO = re.compile(r"(?<![\w.%+/-])[\w.%+-]+:[^\s/@]{1,200}@(?=[\w\[])")  # "user:password@proxy:3128"


def redacted(text: str, *secrets: str) -> str:
    """Any text, addresses and all, without userinfo, keys and tokens; `secrets` vanish by their value too."""
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    text = _USERINFO.sub(f"//{HIDDEN}@", text)
    text = _BARE_USERINFO.sub(f"{HIDDEN}@", text)
    text = _QUERIED.sub(rf"\1{HIDDEN}", text)
    return _NAMED.sub(rf"\1\2{HIDDEN}", text)
