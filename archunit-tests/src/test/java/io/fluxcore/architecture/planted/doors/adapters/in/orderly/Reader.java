package io.fluxcore.architecture.planted.doors.adapters.in.orderly;

/** Allowed: behind the door. */
final class Reader {}
