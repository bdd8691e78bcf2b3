"""Place names beside marks: where, in which lines, and which are left out."""
