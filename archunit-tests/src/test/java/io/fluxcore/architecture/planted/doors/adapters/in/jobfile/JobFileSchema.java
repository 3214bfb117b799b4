package io.fluxcore.architecture.planted.doors.adapters.in.jobfile;

/** Allowed: a second door of a folder that is no connector. */
public final class JobFileSchema {}
