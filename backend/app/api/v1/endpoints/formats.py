from fastapi import APIRouter

from app.api.deps import Staff
from app.schemas.import_job import FormatList
from app.services.import_views import known_formats

router = APIRouter(prefix="/formats", tags=["imports"], dependencies=[Staff])


@router.get("")
def list_formats() -> FormatList:
    """The file formats that are read and written."""
    return FormatList(items=known_formats())
