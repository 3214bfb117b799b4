package io.fluxcore.examples.springapp;

import io.fluxcore.boot.FluxCoreJob;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.GeneratorSourceBuilder;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Revenue of each product, every five seconds. Submitted when the application starts. */
@Configuration(proxyBeanMethods = false)
public class RevenueJob {
  /** Of the job, and of what its sink collects. */
  static final String NAME = "revenue";

  private static final Schema SALE =
      Schema.of(new Field("product", DataType.STRING), new Field("price", DataType.decimal(12, 2)));

  @Bean
  FluxCoreJob revenue(ShopProperties shop, PriceList prices) {
    StreamTopology topology =
        StreamTopology.builder()
            .source("orders", orders(shop))
            .transform(
                "sales",
                TransformConfig.map().withFunction(order -> sale(order, prices), SALE).build())
            .window(
                "five-seconds", WindowConfig.tumbling().withDuration(Duration.ofSeconds(5)).build())
            .aggregate(
                "by-product",
                AggregateConfig.builder()
                    .count()
                    .as("orders")
                    .sum("price")
                    .as("revenue")
                    .withGroupBy("product")
                    .build())
            .sink(
                "results",
                SinkConfig.memory()
                    .withName(NAME)
                    .with("overflow", "dropOldest")
                    .with("maxRows", 1_000)
                    .build())
            .build();
    return new FluxCoreJob(topology, JobConfig.builder().name(NAME).build());
  }

  /** Orders that are made up: event time goes on as the clock does. */
  private static SourceConfig orders(ShopProperties shop) {
    GeneratorSourceBuilder orders =
        SourceConfig.generator()
            .withRate(shop.rate())
            .with("step", shop.rate() == 0 ? "10ms" : 1_000 / shop.rate() + "ms")
            .with(
                "fields",
                Map.of(
                    "product", Map.of("kind", "choice", "values", List.of("cake", "coffee", "tea")),
                    "pieces", Map.of("kind", "uniform", "min", 1, "max", 5, "type", "long")));
    return shop.orders() == 0 ? orders.build() : orders.withCount(shop.orders()).build();
  }

  /** A bean at work inside an operator. */
  private static Map<String, Object> sale(Event order, PriceList prices) {
    String product = Objects.requireNonNull(order.getString("product"));
    BigDecimal price = prices.priceOf(product, order.getLong("pieces"));
    return Map.of("product", product, "price", price);
  }
}
