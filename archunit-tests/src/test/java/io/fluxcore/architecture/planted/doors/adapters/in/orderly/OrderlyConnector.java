package io.fluxcore.architecture.planted.doors.adapters.in.orderly;

import io.fluxcore.architecture.planted.doors.adapters.in.orderly.decoder.Decoder;
import io.fluxcore.architecture.planted.doors.application.connector.Connector;

/** Allowed: one door, with nested public types and a deeper folder behind it. */
public final class OrderlyConnector implements Connector {
  Decoder decoder;
  Reader reader;

  /** Allowed: not a top-level type. */
  public static final class Options {}
}
