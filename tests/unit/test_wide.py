"""The last result of the wide tests, as the docs keep it."""

from tests.wide import HEAD, page, runs

REPORT = """<testsuites><testsuite name="pytest" timestamp="2026-11-20T08:00:00+00:00">
<testcase classname="tests.e2e.test_a" name="one" time="1.5" />
<testcase classname="tests.e2e.test_a" name="two" time="2.25"><failure message="no">why</failure></testcase>
<testcase classname="tests.e2e.portal.test_b" name="three" time="0.1"><skipped message="no browser" /></testcase>
</testsuite></testsuites>"""


def test_a_file_that_ran_has_its_result_and_the_others_keep_theirs() -> None:
    files = ["tests/e2e/portal/test_b.py", "tests/e2e/test_a.py", "tests/e2e/test_c.py", "tests/e2e/test_d.py"]
    before = HEAD + "| `tests/e2e/test_a.py` | 2 passed | 9 | 2026-11-01 |\n"
    before += "| `tests/e2e/test_c.py` | 4 passed | 7 | 2026-11-02 |\n"
    before += "| `tests/e2e/test_gone.py` | 1 passed | 1 | 2026-01-01 |\n"
    assert page(files, before, runs(REPORT)).removeprefix(HEAD).splitlines() == [
        "| `tests/e2e/portal/test_b.py` | 1 skipped | 0 | 2026-11-20 |",
        "| `tests/e2e/test_a.py` | 1 failed, 1 passed | 4 | 2026-11-20 |",
        "| `tests/e2e/test_c.py` | 4 passed | 7 | 2026-11-02 |",
        "| `tests/e2e/test_d.py` | – | – | – |",
    ]
