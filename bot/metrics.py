"""What is counted, for Prometheus; never by conversation."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """One registry per front door, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter("tongxing_messages_received", "Family messages recorded", registry=self.registry)
        self.alarms = Counter("tongxing_alarms", "Danger at urgent or above", ["level", "by"], registry=self.registry)
        self.turns = Counter("tongxing_turns", "Turns asked of Rasa", ["outcome"], registry=self.registry)
        self.turn_seconds = Histogram("tongxing_turn_seconds", "One answer of Rasa, seconds", registry=self.registry)
        self.cases = Counter("tongxing_cases_asked", "Requests for a human", ["reason"], registry=self.registry)
        self.deliveries = Counter("tongxing_deliveries", "Tries to push a message", ["outcome"], registry=self.registry)
        self.streams = Gauge("tongxing_streams", "Open event streams", registry=self.registry)
        self.answering = Gauge("tongxing_answering", "Conversations being answered", registry=self.registry)
