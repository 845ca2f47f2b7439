"""What a page may know of the run that draws it."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def draws_parts() -> bool:
    """Tell whether this run draws parts of the page, not all of it."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def is_step_in_history() -> bool:
    """Tell whether a person asked for this run by a step back or forward in the browser."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def session_id() -> str:
    """Return Streamlit's name of the session; nothing outside of one."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id
