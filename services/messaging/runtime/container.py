"""A container in which a failing message is a failed message, never a dead process."""

from typing import Any

from nameko.containers import ServiceContainer

from services.messaging.log import get_logger

log = get_logger()


class BalieContainer(ServiceContainer):
    """Nameko's container, but the entrypoint runs the method: it owns transaction, answer and acknowledgement.

    Nameko acknowledges before `worker_result` and dies of errors outside the method; here `perform` never raises and
    settles its delivery itself, after the commit.
    """

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        try:
            self._inject_dependencies(worker_ctx)
            self._worker_setup(worker_ctx)
            method = getattr(worker_ctx.service, worker_ctx.entrypoint.method_name)
        except Exception:
            log.error("worker_setup_failed", method=worker_ctx.entrypoint.method_name, exc_info=True)
            handle_result(worker_ctx, None, None)
            return
        worker_ctx.entrypoint.perform(method, *worker_ctx.args)
        self._worker_teardown(worker_ctx)
