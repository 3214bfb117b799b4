package io.fluxcore.architecture.planted.doors.boot;

import io.fluxcore.architecture.planted.doors.adapters.in.orderly.OrderlyConnector;
import io.fluxcore.architecture.planted.doors.adapters.in.orderly.decoder.Decoder;

/** Planted: uses the door, and what is behind it. */
final class EntersByTheWindow {
  OrderlyConnector door;
  Decoder[] window;
}
