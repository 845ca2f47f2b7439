"""Say errors, Streamlit's own controls and the handbook in the session's language."""
