package io.fluxcore.architecture.planted.threads.infrastructure;

/** Allowed: a host has threads. */
final class WellBehaved {
  Thread thread;
}
