package io.fluxcore.architecture.planted.doors.application.connector;

/** Another type of the planted SPI. */
public interface Reader {}
