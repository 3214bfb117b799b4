package io.fluxcore.adapters.in.format;

import io.fluxcore.application.connector.OptionSpec;

/** The options of records that connectors have in common. */
public final class RecordOptions {
  /** Types of fields. */
  public static final OptionSpec SCHEMA =
      OptionSpec.optional(
          "schema",
          OptionSpec.Type.MAP,
          null,
          "Name and type of each field; without it a field has the type that its first use asks"
              + " for.");

  /** How times are written. */
  public static final OptionSpec TIMESTAMP_FORMAT =
      OptionSpec.optional(
          "timestampFormat",
          OptionSpec.Type.MAP,
          null,
          "How the dates and timestamps of a field are written: `iso` (unless given),"
              + " `epoch-seconds`, `epoch-millis`, `epoch-micros`, or a pattern such as"
              + " `dd/MMM/yyyy:HH:mm:ss Z`.");

  /** Where times are. */
  public static final OptionSpec TIME_ZONE =
      OptionSpec.optional(
          "timeZone",
          OptionSpec.Type.STRING,
          "UTC",
          "Zone of times that name none where an instant is wanted.");

  private RecordOptions() {}
}
