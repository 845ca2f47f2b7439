"""The pages, one file each (not named `pages`: Streamlit would run such a folder itself)."""
