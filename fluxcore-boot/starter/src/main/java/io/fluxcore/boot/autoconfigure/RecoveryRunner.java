package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.JobRecovery;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Waits for the jobs of an earlier life to run again or to fail to. Spring Boot says that an
 * application is ready (the readiness probe) when its runners have run.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RecoveryRunner implements ApplicationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryRunner.class);
  private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(30);

  private final JobRecovery recovery;

  RecoveryRunner(JobRecovery recovery) {
    this.recovery = recovery;
  }

  @Override
  public void run(ApplicationArguments arguments) throws InterruptedException {
    while (!recovery.awaitRecovery(BETWEEN_MESSAGES)) {
      LOG.info("jobs are still being restored; the application is ready when they are");
    }
  }
}
