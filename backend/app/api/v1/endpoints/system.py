from fastapi import APIRouter, Request

from app.api.deps import Admin, FileStoreDep, SystemServiceDep
from app.schemas.system import SystemRead

router = APIRouter(prefix="/system", tags=["system"])


@router.get("", dependencies=[Admin])
def read_system(request: Request, system: SystemServiceDep, store: FileStoreDep) -> SystemRead:
    """Version, sizes, and what waits or has failed. `/health/ready` tells the state of each server."""
    return system.read(version=request.app.version, free_bytes=store.free_bytes())
