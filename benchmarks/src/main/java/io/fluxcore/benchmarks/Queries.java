package io.fluxcore.benchmarks;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.Source;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopNConfig;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;

/**
 * The benchmark queries as a user would write them. Event kinds are 0 person, 1 auction, 2 bid;
 * fields that a kind does not have are 0 or empty.
 */
public final class Queries {
  public static final long PERSON = 0;
  public static final long AUCTION = 1;
  public static final long BID = 2;

  /** All fields of the auction stream. */
  public static final Schema NEXMARK =
      Schema.builder()
          .field("kind", DataType.LONG)
          .field("auction", DataType.LONG)
          .field("bidder", DataType.LONG)
          .field("price", DataType.LONG)
          .field("channel", DataType.STRING)
          .field("url", DataType.STRING)
          .field("id", DataType.LONG)
          .field("seller", DataType.LONG)
          .field("category", DataType.LONG)
          .field("initialBid", DataType.LONG)
          .field("reserve", DataType.LONG)
          .field("expires", DataType.LONG)
          .field("name", DataType.STRING)
          .field("description", DataType.STRING)
          .field("email", DataType.STRING)
          .field("creditCard", DataType.STRING)
          .field("city", DataType.STRING)
          .field("state", DataType.STRING)
          .field("extra", DataType.STRING)
          .field("dateTime", DataType.TIMESTAMP)
          .field("expiresAt", DataType.TIMESTAMP)
          .build();

  /** All fields of the stream of typed events. */
  public static final Schema TYPED_EVENTS =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("eventType", DataType.STRING)
          .field("importance", DataType.LONG)
          .field("source", DataType.STRING)
          .field("value", DataType.DOUBLE)
          .build();

  /** The stream's events are at most this much out of order. */
  public static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(1);

  private static final int TOP_PRICES = 10;

  private Queries() {}

  /** F: every 123rd auction's bids, with the price in another currency. */
  public static StreamTopology filter(Source source, Sink sink) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform(
            "every-123rd",
            TransformConfig.filter().withExpression("kind = 2 and auction % 123 = 0").build())
        .transform(
            "convert",
            TransformConfig.project()
                .withFields("auction")
                .withField("price", "price * 0.908e0")
                .build())
        .sink("results", sink(sink))
        .build();
  }

  /** W: number, sum and maximum of bids per auction and tumbling window. */
  public static StreamTopology tumbling(Source source, Sink sink, Duration size) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform("bids", TransformConfig.filter().withExpression("kind = 2").build())
        .window("window", WindowConfig.tumbling().withDuration(size).build())
        .aggregate(
            "per-auction",
            AggregateConfig.builder()
                .count()
                .sum("price")
                .max("price")
                .withGroupBy("auction")
                .build())
        .sink("results", sink(sink))
        .build();
  }

  /** S: number of bids per auction and sliding window. */
  public static StreamTopology sliding(Source source, Sink sink, Duration size, Duration slide) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform("bids", TransformConfig.filter().withExpression("kind = 2").build())
        .window("window", WindowConfig.sliding().withDuration(size).withSlide(slide).build())
        .aggregate("per-auction", AggregateConfig.count().withGroupBy("auction").build())
        .sink("results", sink(sink))
        .build();
  }

  /** U: number of bids per bidder and session. */
  public static StreamTopology session(Source source, Sink sink, Duration gap) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform("bids", TransformConfig.filter().withExpression("kind = 2").build())
        .window("window", WindowConfig.session().withGap(gap).build())
        .aggregate("per-bidder", AggregateConfig.count().withGroupBy("bidder").build())
        .sink("results", sink(sink))
        .build();
  }

  /** D: number of different bidders per channel and tumbling window. */
  public static StreamTopology distinct(Source source, Sink sink, Duration size) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform("bids", TransformConfig.filter().withExpression("kind = 2").build())
        .window("window", WindowConfig.tumbling().withDuration(size).build())
        .aggregate(
            "bidders-per-channel",
            AggregateConfig.countDistinct("bidder").as("bidders").withGroupBy("channel").build())
        .sink("results", sink(sink))
        .build();
  }

  /** J: persons of whom an auction of the same tumbling window is the seller's, by their names. */
  public static StreamTopology newSellers(Source source, Sink sink, Duration size) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform("persons", TransformConfig.filter().withExpression("kind = 0").build(), "events")
        .transform(
            "auctions", TransformConfig.filter().withExpression("kind = 1").build(), "events")
        .join(
            "sellers",
            JoinConfig.window(WindowConfig.tumbling().withDuration(size).build())
                .withType(JoinType.SEMI)
                .withOn("id", "seller")
                .build(),
            "persons",
            "auctions")
        .transform(
            "names", TransformConfig.project().withFields("window_end", "id", "name").build())
        .sink("results", sink(sink))
        .build();
  }

  /** N: the bids of the ten highest prices of each auction, as a changelog. */
  public static StreamTopology topPrices(Source source, Sink sink) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform("bids", TransformConfig.filter().withExpression("kind = 2").build())
        .transform(
            "prices", TransformConfig.project().withFields("auction", "bidder", "price").build())
        .transform(
            "highest",
            TopNConfig.first(TOP_PRICES).withKey("auction").orderByDescending("price").build())
        .sink("results", sink(sink))
        .build();
  }

  /** I: all auctions with the persons who sell them, whichever of both comes first. */
  public static StreamTopology auctionsOfSellers(Source source, Sink sink) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform("persons", TransformConfig.filter().withExpression("kind = 0").build(), "events")
        .transform("names", TransformConfig.project().withFields("id", "name").build(), "persons")
        .transform(
            "auctions", TransformConfig.filter().withExpression("kind = 1").build(), "events")
        .transform(
            "offers",
            TransformConfig.project().withFields("id", "seller", "reserve").build(),
            "auctions")
        .join("sales", JoinConfig.unbounded().withOn("id", "seller").build(), "names", "offers")
        .sink("results", sink(sink))
        .build();
  }

  /** IB: all bids with the auctions that they are for, whichever of both comes first. */
  public static StreamTopology bidsOfAuctions(Source source, Sink sink) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform(
            "auctions", TransformConfig.filter().withExpression("kind = 1").build(), "events")
        .transform(
            "offers",
            TransformConfig.project().withFields("id", "seller", "reserve").build(),
            "auctions")
        .transform("bids", TransformConfig.filter().withExpression("kind = 2").build(), "events")
        .transform(
            "prices",
            TransformConfig.project().withFields("auction", "bidder", "price").build(),
            "bids")
        .join(
            "expanded", JoinConfig.unbounded().withOn("auction", "id").build(), "prices", "offers")
        .sink("results", sink(sink))
        .build();
  }

  /** SEED: the quick start's query: important events per type and sliding window. */
  public static StreamTopology importantEvents(
      Source source, Sink sink, Duration size, Duration slide) {
    return StreamTopology.builder()
        .source("events", source(source))
        .transform(
            "filter-events", TransformConfig.filter().withExpression("importance > 5").build())
        .window("window", WindowConfig.sliding().withDuration(size).withSlide(slide).build())
        .aggregate("count-by-type", AggregateConfig.count().withGroupBy("eventType").build())
        .sink("results", sink(sink))
        .build();
  }

  private static SourceConfig source(Source source) {
    return SourceConfig.custom(source)
        .withWatermarks(
            io.fluxcore.domain.time.WatermarkStrategy.boundedOutOfOrderness(OUT_OF_ORDERNESS))
        .build();
  }

  private static SinkConfig sink(Sink sink) {
    return SinkConfig.custom(sink).build();
  }
}
