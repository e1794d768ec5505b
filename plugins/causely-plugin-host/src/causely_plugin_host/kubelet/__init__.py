"""What the kubelet tells and the agent does not see itself: storage, and what cannot be read on the node."""
