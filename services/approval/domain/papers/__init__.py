"""What happens to the papers of a decree after they were issued: signatures, clerical corrections. Pure."""

from services.approval.domain.papers.correction import Correction
from services.approval.domain.papers.paper import PAPERS, Correct, Paper, Sign
from services.approval.domain.papers.signature import ERASE, SIGN, Signature, ToSign

__all__ = ["ERASE", "PAPERS", "SIGN", "Correct", "Correction", "Paper", "Sign", "Signature", "ToSign"]
