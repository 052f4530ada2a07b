"""The panel's kernel side is told anything by anybody: it answers each message, and never falls over."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from mlready_nb.kernel import Kernel
from mlready_nb.panel.widget import Panel
from tests.fuzz.conftest import cases
from tests.fuzz.hostile import safe_texts
from tests.fuzz.test_state import anything, bent

pytestmark = pytest.mark.filterwarnings("ignore")

COMMANDS = (
    "hello",
    "theirs",
    "stored",
    "filed",
    "stop",
    "detail",
    "figure",
    "mark",
    "unmark",
    "card",
    "use",
    "target",
    "refresh",
    "export",
)
WORDS = (
    "raw",
    "cells",
    "can_store",
    "why",
    "ok",
    "turn",
    "names",
    "code",
    "check",
    "table",
    "kind",
    "note",
    "link",
    "until",
    "key",
    "text",
    "goals",
    "form",
    "model",
    "X_test",
)
given_values = st.one_of(
    anything,
    safe_texts,
    st.sampled_from(["BUS-01", "DAT-01.1", "attested", "waived", "card", "html", "recall>=0.8", "2027-01-31", "none"]),
    bent(),
)


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    """A panel in an empty folder whose messages are kept."""
    folder = tmp_path_factory.mktemp("panel")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.delenv("JPY_SESSION_NAME", raising=False)
    patch.setenv("JUPYTER_DATA_DIR", str(folder / "data"))
    InteractiveShell.clear_instance()
    made = Panel(Kernel(InteractiveShell.instance()))
    made.sent = []
    patch.setattr(made.widget, "send", made.sent.append)
    yield made
    InteractiveShell.clear_instance()
    patch.undo()


@cases(700)
@given(
    st.one_of(
        anything,
        st.fixed_dictionaries(
            {
                "id": anything,
                "do": st.sampled_from(COMMANDS),
                "with": st.dictionaries(st.sampled_from(WORDS), given_values, max_size=4),
            }
        ),
        st.fixed_dictionaries({"do": st.sampled_from(COMMANDS) | anything, "with": anything}),
    )
)
def test_any_message_is_answered(tried, panel, message):
    """With its value or with advice; what is sent is JSON, and the panel can still be drawn."""
    tried()
    panel.sent.clear()
    panel._asked(None, message, None)
    if isinstance(message, dict) and "do" in message:
        answer = panel.sent[-1]
        assert ("ok" in answer) != ("error" in answer)
        assert answer.get("error", "x")
    for sent in panel.sent:
        json.dumps(sent).encode()
    json.dumps(panel.widget.live)
