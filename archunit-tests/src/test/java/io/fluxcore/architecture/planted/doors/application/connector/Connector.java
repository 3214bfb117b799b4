package io.fluxcore.architecture.planted.doors.application.connector;

/** The planted SPI. */
public interface Connector {}
