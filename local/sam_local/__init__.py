"""`sam local`: each function of the template in a real container, against the local stack."""
