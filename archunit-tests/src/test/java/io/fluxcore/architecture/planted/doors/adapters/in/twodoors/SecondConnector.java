package io.fluxcore.architecture.planted.doors.adapters.in.twodoors;

import io.fluxcore.architecture.planted.doors.application.connector.Connector;

/** Planted: one of two doors. */
public final class SecondConnector implements Connector {}
