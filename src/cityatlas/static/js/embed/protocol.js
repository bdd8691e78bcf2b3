// The number of the protocol between our element and our frame: what has another one, or none, is not for us.
export const PROTOCOL = 1;
