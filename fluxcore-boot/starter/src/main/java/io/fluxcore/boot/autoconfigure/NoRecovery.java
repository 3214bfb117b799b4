package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.JobRecovery;
import java.time.Duration;
import java.util.List;

/** For an application with a service of its own, which looks after its jobs itself. */
final class NoRecovery implements JobRecovery {
  @Override
  public void recover() {}

  @Override
  public boolean isRecovered() {
    return true;
  }

  @Override
  public boolean awaitRecovery(Duration timeout) {
    return true;
  }

  @Override
  public void keepUp() {}

  @Override
  public List<String> release(Duration timeout) {
    return List.of();
  }
}
