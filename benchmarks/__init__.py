"""What is measured: times beside bare tools, and judges beside sites that were spoilt on purpose."""
