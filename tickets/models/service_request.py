"""What a service request asks for."""

from django.db import models

from tickets.choices import Service
from tickets.models.ticket import Ticket


class ServiceRequest(models.Model):
    """The service asked for, and when it would suit. Written once, by file_ticket."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="service_request")
    service = models.CharField(max_length=17, choices=Service.choices)
    suits = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.get_service_display()
