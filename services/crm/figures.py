"""The figures of the CRM beyond those that messaging keeps."""

from prometheus_client import Gauge

waiting_for_customer = Gauge(
    "balie_crm_waiting_for_customer", "Appointments and records whose customer is not known yet."
)
