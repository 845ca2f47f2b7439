"""Put the atlas together: the pages and the addresses that they fetch from, in one process.

Run it with ``streamlit run app.py``.
"""

from __future__ import annotations

import sys

import streamlit as st
from starlette.middleware import Middleware

from ui.access.gate import SignInGate
from ui.access.hosts import KnownHosts, is_known
from ui.access.secrets_file import SecretsError, read_secrets
from ui.access.session_cookie import OwnSessions
from ui.server.deferred import late_routes
from ui.server.headers import GuardHeaders
from ui.server.left_pages import keep_to_open_page
from ui.server.preload import PreloadLinks
from ui.server.session_end import ClosedPages, end_sessions_promptly
from ui.server.sockets import send_at_once
from ui.server.warm import beside_start
from ui.streamlit_inside import (
    ask_nobody_outside,
    connect_under,
    finish_callbacks,
    keep_offered_files,
)

ask_nobody_outside()
connect_under(is_known)
keep_to_open_page()
end_sessions_promptly()
finish_callbacks()
keep_offered_files()
send_at_once()
try:
    read_secrets()
except SecretsError as error:
    sys.exit(f"The atlas was not started, since it is not known who may use it.\n{error}")

app = st.App(
    "ui/main.py",
    routes=late_routes(),
    middleware=[
        Middleware(GuardHeaders),
        Middleware(KnownHosts),
        Middleware(SignInGate),
        Middleware(OwnSessions),
        Middleware(ClosedPages),
        Middleware(PreloadLinks),
    ],
    lifespan=beside_start,
)
