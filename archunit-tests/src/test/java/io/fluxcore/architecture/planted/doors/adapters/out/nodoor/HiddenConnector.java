package io.fluxcore.architecture.planted.doors.adapters.out.nodoor;

import io.fluxcore.architecture.planted.doors.application.connector.Connector;

/** Planted: nobody can reach it. */
final class HiddenConnector implements Connector {}
