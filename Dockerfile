# The atlas in a container: docker build -t cluster-atlas . && docker run -p 8501:8501 cluster-atlas
# Nothing is fetched at run time; building needs a package index (or a wheelhouse: see docs/deploy.md).
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 HOME=/home/atlas
RUN useradd --create-home --uid 10001 atlas
# A volume that is mounted here belongs to the atlas: see "Saving datasets" in docs/deploy.md.
RUN install --directory --owner=atlas /home/atlas/datasets
WORKDIR /opt/atlas
COPY requirements.txt .
RUN pip install --require-hashes --only-binary :all: --disable-pip-version-check -r requirements.txt
COPY . .
USER atlas
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.port", "8501", "--server.address", "0.0.0.0"]
