package io.fluxcore.architecture.planted.doors.adapters.in.reader;

import io.fluxcore.architecture.planted.doors.application.connector.Reader;

/** Planted: public, of the SPI, but no connector. */
public final class PublicReader implements Reader {}
