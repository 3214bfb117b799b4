package io.fluxcore.adapters.in.nexmark;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import java.util.function.Function;

/** The fields of the stream: those of all kinds of events beside each other, null of others. */
enum NexmarkField {
  EVENT_TYPE("event_type", DataType.LONG, e -> e.numbers(DataType.LONG, -1, e::kind)),
  DATE_TIME("dateTime", DataType.TIMESTAMP, e -> e.numbers(DataType.TIMESTAMP, -1, e::micros)),
  EXTRA(
      "extra",
      DataType.STRING,
      e -> e.texts(-1, NexmarkTexts.EXTRA, i -> e.choice(i, 3, NexmarkTexts.EXTRA.length))),
  ID("id", DataType.LONG, NexmarkEvents::ids),
  NAME("name", NexmarkEvents.PERSON, NexmarkTexts.NAME, 7),
  EMAIL_ADDRESS("emailAddress", NexmarkEvents.PERSON, NexmarkTexts.EMAIL, 13),
  CREDIT_CARD("creditCard", NexmarkEvents.PERSON, NexmarkTexts.CARD, 19),
  CITY("city", NexmarkEvents.PERSON, NexmarkTexts.CITY, 29),
  STATE("state", NexmarkEvents.PERSON, NexmarkTexts.STATE, 37),
  ITEM_NAME("itemName", NexmarkEvents.AUCTION, NexmarkTexts.ITEM, 7),
  DESCRIPTION("description", NexmarkEvents.AUCTION, NexmarkTexts.DESCRIPTION, 13),
  INITIAL_BID(
      "initialBid", DataType.LONG, e -> e.numbers(DataType.LONG, NexmarkEvents.AUCTION, e::price)),
  RESERVE(
      "reserve", DataType.LONG, e -> e.numbers(DataType.LONG, NexmarkEvents.AUCTION, e::reserve)),
  EXPIRES(
      "expires",
      DataType.TIMESTAMP,
      e -> e.numbers(DataType.TIMESTAMP, NexmarkEvents.AUCTION, e::expires)),
  SELLER("seller", DataType.LONG, e -> e.numbers(DataType.LONG, NexmarkEvents.AUCTION, e::seller)),
  CATEGORY(
      "category", DataType.LONG, e -> e.numbers(DataType.LONG, NexmarkEvents.AUCTION, e::category)),
  AUCTION("auction", DataType.LONG, e -> e.numbers(DataType.LONG, NexmarkEvents.BID, e::auction)),
  BIDDER("bidder", DataType.LONG, e -> e.numbers(DataType.LONG, NexmarkEvents.BID, e::bidder)),
  PRICE("price", DataType.LONG, e -> e.numbers(DataType.LONG, NexmarkEvents.BID, e::price)),
  CHANNEL(
      "channel",
      DataType.STRING,
      e -> e.texts(NexmarkEvents.BID, NexmarkTexts.CHANNEL, e::channel)),
  URL("url", DataType.STRING, e -> e.texts(NexmarkEvents.BID, NexmarkTexts.URL, e::channel));

  /** All of them, in the order of this enumeration. */
  static final Schema SCHEMA = Schema.of(Arrays.stream(values()).map(one -> one.field).toList());

  private final Field field;
  private final Function<NexmarkEvents, Column> maker;

  NexmarkField(String name, DataType type, Function<NexmarkEvents, Column> maker) {
    this.field = new Field(name, type);
    this.maker = maker;
  }

  /** One of these texts. */
  NexmarkField(String name, int kind, String[] texts, int salt) {
    this(name, DataType.STRING, e -> e.texts(kind, texts, i -> e.choice(i, salt, texts.length)));
  }

  static NexmarkField of(String name) {
    return Arrays.stream(values())
        .filter(one -> one.field.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  Column column(NexmarkEvents events) {
    return maker.apply(events);
  }
}
