"""Put the atlas together: the pages and the addresses that they fetch from, in one process.

Run it with ``streamlit run app.py``.
"""

from __future__ import annotations

import streamlit as st

from ui.routes import routes

app = st.App("ui/main.py", routes=routes())
