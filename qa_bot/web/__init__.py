"""The web chat: questions on the left, the words in their place in the transcript on the right."""

from __future__ import annotations

import os

# Gradio may read these when it is imported, so they stand before every import of it. The second
# spares it statistics after every question, for a monitoring page that is not served.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
