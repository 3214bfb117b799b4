package io.fluxcore.architecture.planted.doors.adapters.out.strange;

/** Planted: public, but no connector. */
public final class StrangeThing {}
