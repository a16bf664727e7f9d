"""A Delivery without threads."""

from builders import chance
from fakes import Cabinet, Mailbox, ManualClock
from monitor.core.channel_settings import ChannelKind
from monitor.core.errors import SendError
from monitor.core.notice import Notice
from monitor.engine.delivery import Delivery

DOWN = SendError("no answer within 10 s")


class Post:
    """A Delivery whose couriers do their work when the clock is moved: no threads, no waiting."""

    def __init__(self, *channels, cabinet: Cabinet | None = None, clock: ManualClock | None = None) -> None:
        self.cabinet = cabinet or Cabinet()
        self.clock = clock or ManualClock()
        self.boxes = {kind: Mailbox() for kind in ChannelKind}
        self.box = self.boxes[ChannelKind.WEBHOOK]
        self.delivery = Delivery(
            self.boxes, self.cabinet, self.clock, chance(), target="hub", link="http://localhost:8081/"
        )
        self.delivery.restore()
        for one in channels:
            self.delivery.put(one)

    def tell(self, *notices: Notice) -> None:
        """Do as the alerting does: take, and keep what comes back."""
        self.cabinet.keep(self.delivery.take(notices))

    def run(self, seconds: float, step: float = 0.5) -> None:
        """Let time pass; each courier does what is due at each step of it."""
        for _ in range(round(seconds / step)):
            self.clock.advance(step)
            for courier in list(self.delivery._couriers.values()):
                while courier.step() == 0.0:
                    pass

    def again(self) -> "Post":
        """Start anew with what was kept, as after a kill."""
        return Post(cabinet=self.cabinet, clock=self.clock)

    def state(self, identity: str = "ops"):
        return self.delivery.get(identity)[1]
