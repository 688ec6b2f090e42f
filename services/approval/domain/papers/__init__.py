"""What happens to the paper of a decree after it was issued: clerical corrections. Pure."""

from services.approval.domain.papers.correction import Correction
from services.approval.domain.papers.paper import PAPERS, Correct, Paper

__all__ = ["PAPERS", "Correct", "Correction", "Paper"]
