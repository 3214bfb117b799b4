package io.fluxcore.architecture.planted.doors.adapters.in.orderly.decoder;

/** Allowed: public for the folder above only. */
public final class Decoder {}
