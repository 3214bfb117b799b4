package io.fluxcore.examples.springcloudstream;

import io.fluxcore.boot.FluxCoreJob;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The application. Where its bindings lead to is in {@code application.yaml}. */
@SpringBootApplication
public class StreamApp {
  private static final Schema ORDER =
      Schema.of(new Field("order", DataType.LONG), new Field("amount", DataType.LONG));

  public static void main(String[] arguments) {
    SpringApplication.run(StreamApp.class, arguments);
  }

  /** Large orders go from Kafka to RabbitMQ. */
  @Bean
  FluxCoreJob largeOrdersJob(@Value("${spools}") Path spools) {
    return job("large-orders", "orders", "amount >= 100", "largeOrders", spools);
  }

  /** Payments that are not void go from RabbitMQ to Kafka. */
  @Bean
  FluxCoreJob ledgerJob(@Value("${spools}") Path spools) {
    return job("ledger", "payments", "amount > 0", "ledger", spools);
  }

  private static FluxCoreJob job(String name, String from, String filter, String to, Path spools) {
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "in",
                SourceConfig.connector("springcloudstream")
                    .with("binding", from)
                    .with("spool", spools.resolve(from).toString())
                    .withSchema(ORDER)
                    .build())
            .transform("wanted", TransformConfig.filter().withExpression(filter).build())
            .sink(
                "out",
                SinkConfig.connector("springcloudstream")
                    .with("binding", to)
                    .with("headerFields", "order")
                    .build())
            .build();
    return new FluxCoreJob(
        topology,
        JobConfig.builder()
            .name(name)
            .checkpointInterval(Duration.ofMillis(500))
            .deliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
            .restartStrategy(RestartStrategy.fixedDelay(1_000, Duration.ofSeconds(1)))
            .build());
  }
}
