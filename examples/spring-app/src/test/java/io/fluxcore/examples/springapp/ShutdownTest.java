package io.fluxcore.examples.springapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.out.memory.MemorySinkConnector;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The shop that is open all day, until it is closed. */
final class ShutdownTest {
  /** Rows in memory outlive their job; another test counts them. */
  @AfterEach
  void forget() {
    MemorySinkConnector.clear(RevenueJob.NAME);
  }

  @Test
  void endOfTheApplication_stopsItsJobs() throws Exception {
    FluxCoreService service;
    JobId job;
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(SpringApp.class)
            .run("--server.port=0", "--shop.orders=0", "--shop.rate=1000")) {
      service = context.getBean(FluxCoreService.class);
      job = service.findJob(RevenueJob.NAME).orElseThrow();
      assertThat(service.getJobStatus(job).isTerminal()).isFalse();
    }
    assertThat(service.getJobStatus(job)).isEqualTo(JobStatus.STOPPED);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith(RevenueJob.NAME + ":"));
  }
}
