package io.fluxcore.architecture.planted.libraries.oshi.adapters.in.hostmetrics;

import oshi.SystemInfo;

/** Allowed: a library in its folder. */
final class WellBehaved {
  SystemInfo library;
}
