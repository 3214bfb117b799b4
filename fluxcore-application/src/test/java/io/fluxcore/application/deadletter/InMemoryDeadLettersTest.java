package io.fluxcore.application.deadletter;

import io.fluxcore.application.deadletter.kit.DeadLettersContract;
import java.time.InstantSource;

class InMemoryDeadLettersTest extends DeadLettersContract {
  @Override
  protected DeadLetters open(DeadLetterRetention retention, InstantSource time) {
    return new InMemoryDeadLetters(retention, time);
  }
}
