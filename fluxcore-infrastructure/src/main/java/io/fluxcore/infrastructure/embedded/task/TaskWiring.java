package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.infrastructure.embedded.exchange.Exchange;
import java.util.List;

/**
 * A task's control and its outgoing edges, whose lanes block by {@link TaskControl#blocker()}.
 *
 * @param exchanges by the number of the stage's outgoing edge
 */
public record TaskWiring(TaskControl control, List<Exchange> exchanges) {
  public TaskWiring {
    exchanges = List.copyOf(exchanges);
  }

  TaskTimes times() {
    return control.times();
  }
}
